"""The bell: arq on Redis, and a queue inside the process."""
