"""Reading and writing DOCX, ODT, XLSX, PDF, HTML and Markdown: clauses and comments in, matrix and draft out."""
