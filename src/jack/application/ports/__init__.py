"""Ports: the roles that stories need somebody outside to play."""
