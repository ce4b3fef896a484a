"""Stories about stays: keeping them equal to the PMS, and knowing who is writing."""
