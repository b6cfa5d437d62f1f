"""조각(slice)으로"""
def window_pairs(tokens, window):
    result = []
    for i, word in enumerate(tokens):
        neighbours = list(tokens[max(0, i - window):i]) + list(tokens[i + 1:i + 1 + window])
        result += [(word, neighbour) for neighbour in neighbours]
    return result
