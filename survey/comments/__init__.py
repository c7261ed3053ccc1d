"""What people wrote in their own words: themes, personal data, quotes, counts. Pure: no database, no request."""
