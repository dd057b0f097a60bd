"""Documents damaged at random but in ways that know their structure, and what must hold of whatever is read of them."""
