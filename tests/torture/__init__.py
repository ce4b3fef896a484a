"""Jack's promises under kill -9: real processes, real servers, random and named moments; see `make torture`."""
