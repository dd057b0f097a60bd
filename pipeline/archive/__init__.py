"""Where raw documents stand: whoever needs their bytes asks here."""
