"""What a drill leaves behind: the after-action report and the trainee's record."""
