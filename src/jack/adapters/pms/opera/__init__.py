"""Oracle OPERA Cloud through the Oracle Hospitality Integration Platform (OHIP), property APIs 25.5 and 26.2."""
