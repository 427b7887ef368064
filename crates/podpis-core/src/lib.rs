//! What the podpis clients are made of: calls, login, waiting, errors
