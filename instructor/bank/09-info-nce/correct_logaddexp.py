"""np.logaddexp.reduce로 넘치지 않게"""
def info_nce(similarity, scale):
    scaled = np.asarray(similarity) * scale
    return float(np.mean(np.logaddexp.reduce(scaled, axis=1) - np.diagonal(scaled)))
