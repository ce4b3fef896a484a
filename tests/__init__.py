"""The tests of Jack."""
