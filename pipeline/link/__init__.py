"""What one document alone cannot know: which documents are the same report, whose it is, which is newest."""
