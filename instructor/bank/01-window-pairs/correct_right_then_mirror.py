"""오른쪽만 세고 뒤집어 더함"""
def window_pairs(tokens, window):
    right = [(tokens[i], tokens[i + d]) for d in range(1, window + 1) for i in range(len(tokens) - d)]
    return right + [(b, a) for a, b in right]
