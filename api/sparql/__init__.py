"""The SPARQL 1.1 endpoint: protocol, negotiation, and execution in processes that can be killed."""
