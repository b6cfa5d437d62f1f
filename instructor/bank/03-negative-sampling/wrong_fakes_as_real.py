"""가짜에도 log σ(u·v)를 써서 진짜로 여김"""
def negative_sampling(v, right, wrong):
    yes, no = 1 / (1 + np.exp(-right @ v)), 1 / (1 + np.exp(-wrong @ v))
    loss = -np.log(yes) - np.log(no).sum()
    return loss, (yes - 1) * right + (no - 1) @ wrong, (yes - 1) * v, np.outer(no - 1, v)
