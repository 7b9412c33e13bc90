"""Floor 2: keys, the volunteers' QR codes, signed documents, and the council's own certificate."""
