"""Web chat: Jack is the channel; pages read what is stored."""
