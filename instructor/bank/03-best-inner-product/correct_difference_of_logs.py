"""PMI에서 log k를 뺌"""
def best_inner_product(counts, noise, k, w, c):
    with np.errstate(divide="ignore"):
        return np.log(counts[w, c]) - np.log(counts[w].sum()) - np.log(noise[c]) - np.log(k)
