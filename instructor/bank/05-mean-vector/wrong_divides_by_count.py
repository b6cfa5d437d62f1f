"""무게의 합이 아니라 낱말 수로 나눔"""
def mean_vector(tokens, table, idf, d):
    known = [t for t in tokens if t in table]
    if not known:
        return np.zeros(d)
    return sum(idf[t] * table[t] for t in known) / len(known)
