"""What exists: the terms of interventional radiology, their relations and axioms."""
