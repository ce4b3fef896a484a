"""Language models, and the scripted one that needs no credentials."""
