"""The HTTP routes: each module reads its parameters, asks the graph, and gives back typed values."""
