"""Stories about the staff: accounts and signing in."""
