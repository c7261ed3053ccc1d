"""Tables become numbers: shares, intervals, indexes, disclosure control, and the one ``SurveyResult``. Pure."""
