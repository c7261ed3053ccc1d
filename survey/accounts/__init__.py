"""Who may do what: roles and permissions as one readable table."""
