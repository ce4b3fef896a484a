"""SMS, and WhatsApp, through Twilio's Programmable Messaging."""
