"""What is known: the graph of claims and evidence, and the walk that justifies a therapy."""
