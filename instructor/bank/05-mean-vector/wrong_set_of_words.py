"""거듭 나온 낱말을 한 번만 셈"""
def mean_vector(tokens, table, idf, d):
    known = sorted(set(t for t in tokens if t in table))
    if not known:
        return np.zeros(d)
    return np.average([table[t] for t in known], axis=0, weights=[idf[t] for t in known])
