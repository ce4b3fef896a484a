"""Jack's copy becomes equal to the PMS, whatever happened before."""
