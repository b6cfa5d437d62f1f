"""재귀"""
def merge(pieces, pair):
    if len(pieces) < 2:
        return list(pieces)
    if (pieces[0], pieces[1]) == tuple(pair):
        return [pieces[0] + pieces[1]] + merge(pieces[2:], pair)
    return [pieces[0]] + merge(pieces[1:], pair)
