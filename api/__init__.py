"""What is answered: HTTP API, SPARQL endpoint and the `irkg` command."""
