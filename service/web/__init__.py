"""What a person sees in a browser: the landing page, GraphiQL and the files both load."""
