"""What is asked: the questionnaire as frozen data. Knows no request, no database, no clock."""
