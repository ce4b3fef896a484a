"""The door for jobs: arq workers, as many as wanted."""
