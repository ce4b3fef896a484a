"""The web door: webhooks, the staff API, health, metrics, and the dashboard's files."""
