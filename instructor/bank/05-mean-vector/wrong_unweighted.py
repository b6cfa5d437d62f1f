"""idf를 쓰지 않음"""
def mean_vector(tokens, table, idf, d):
    known = [table[t] for t in tokens if t in table]
    return np.mean(known, axis=0) if known else np.zeros(d)
