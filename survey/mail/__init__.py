"""Letters of invitation: addresses, what a letter is made of, handing it to a mail server, and what comes back."""
