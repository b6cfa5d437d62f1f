"""기울기의 부호가 반대(정답 − 예측)"""
def negative_sampling(v, right, wrong):
    yes, no = 1 / (1 + np.exp(-right @ v)), 1 / (1 + np.exp(-wrong @ v))
    loss = -np.log(yes) - np.log(1 - no).sum()
    return loss, (1 - yes) * right - no @ wrong, (1 - yes) * v, -np.outer(no, v)
