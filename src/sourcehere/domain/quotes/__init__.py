"""
"Ask for Quote": requests, and the salesman's answers.
"""
