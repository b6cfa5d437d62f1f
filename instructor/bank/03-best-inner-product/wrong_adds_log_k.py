"""log k를 빼지 않고 더함"""
def best_inner_product(counts, noise, k, w, c):
    with np.errstate(divide="ignore"):
        return float(np.log(counts[w, c] / (counts[w].sum() * noise[c])) + np.log(k))
