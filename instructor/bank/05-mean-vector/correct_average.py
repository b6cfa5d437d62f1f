"""np.average로"""
def mean_vector(tokens, table, idf, d):
    known = [t for t in tokens if t in table]
    if not known:
        return np.zeros(d)
    return np.average([table[t] for t in known], axis=0, weights=[idf[t] for t in known])
