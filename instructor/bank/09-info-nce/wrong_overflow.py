"""가장 큰 값을 빼지 않아 scale이 크면 넘침"""
def info_nce(similarity, scale):
    powers = np.exp(scale * similarity)
    return float(-np.log(np.diag(powers) / powers.sum(axis=1)).mean())
