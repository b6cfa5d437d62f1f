"""중심 낱말 자신을 문맥에 넣음"""
def window_pairs(tokens, window):
    return [(tokens[i], tokens[j]) for i in range(len(tokens)) for j in range(max(0, i - window), min(len(tokens), i + window + 1))]
