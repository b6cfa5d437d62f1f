"""noise 대신 열의 합으로 PMI를 구함"""
def best_inner_product(counts, noise, k, w, c):
    with np.errstate(divide="ignore"):
        return float(np.log(counts[w, c] * counts.sum() / (counts[w].sum() * counts[:, c].sum())) - np.log(k))
