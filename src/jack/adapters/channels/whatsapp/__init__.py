"""WhatsApp through Meta's Cloud API: signed webhooks in, the Graph API out."""
