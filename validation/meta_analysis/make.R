# Writes pinned/metafor.json: what metafor says of its own public data sets (package metadat).
# Rscript validation/meta_analysis/make.R
library(metafor)
library(metadat)

sets <- list(
  bcg = escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg),
  hackshaw1998 = dat.hackshaw1998,
  raudenbush1985 = dat.raudenbush1985,
  normand1999 = escalc(measure = "SMD", m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i, data = dat.normand1999),
  li2007 = escalc(measure = "OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = dat.li2007),
  bangertdrowns2004 = dat.bangertdrowns2004,
  curtis1998 = escalc(measure = "ROM", m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i, data = dat.curtis1998),
  hine1989 = escalc(measure = "RD", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = dat.hine1989),
  linde2005 = escalc(measure = "RR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = dat.linde2005),
  konstantopoulos2011 = dat.konstantopoulos2011,
  hart1999 = escalc(measure = "IRR", x1i = x1i, t1i = t1i, x2i = x2i, t2i = t2i, data = dat.hart1999),
  collins1985a = escalc(measure = "PETO", ai = b.xti, n1i = nti, ci = b.xci, n2i = nci, data = dat.collins1985a)
)

fine <- list(threshold = 1e-14, maxiter = 100000, tol = 1e-14)
number <- function(x) if (is.na(x)) "null" else sprintf("%.17g", x)
numbers <- function(x) paste0("[", paste(vapply(x, number, ""), collapse = ", "), "]")
object <- function(x) paste0("{", paste(sprintf('"%s": %s', names(x), x), collapse = ", "), "}")

one <- function(y, v, method, test) {
  m <- rma.uni(y, v, method = method, test = test, control = fine)
  said <- list(
    mean = m$beta[1], se = m$se, low = m$ci.lb, high = m$ci.ub, p = m$pval, tau2 = if (method == "FE") 0 else m$tau2,
    i2 = m$I2 / 100, h2 = m$H2, q = m$QE, q_p = m$QEp
  )
  object(lapply(said, number))
}

of_set <- function(name) {
  d <- sets[[name]]
  keep <- !is.na(d$yi) & !is.na(d$vi)
  y <- as.numeric(d$yi[keep]); v <- as.numeric(d$vi[keep])
  said <- list(effects = numbers(y), variances = numbers(v))
  for (method in c("FE", "DL", "PM", "REML")) for (test in c("z", "knha", "adhoc")) {
    if (method == "FE" && test != "z") next
    said[[paste(method, test)]] <- one(y, v, method, test)
  }
  m <- rma.uni(y, v, method = "REML", control = fine)
  ci <- confint(m, control = list(tol = 1e-14, maxiter = 100000, tau2.max = 1000))$random
  said$tau2_interval <- numbers(ci["tau^2", c("ci.lb", "ci.ub")])
  reach <- qt(0.975, length(y) - 2) * sqrt(m$tau2 + m$se^2)
  said$predicted <- numbers(c(m$beta[1] - reach, m$beta[1] + reach))
  said$leave_one_out <- numbers(leave1out(m)$estimate)
  e <- regtest(y, v, model = "lm", predictor = "sei")
  said$egger <- numbers(c(coef(summary(e$fit))[2, 1:2], e$pval, e$est))
  t <- trimfill(m, control = fine)
  said$trim_and_fill <- paste0('{"missing": ', number(t$k0), ', "side": "', t$side, '", "mean": ', number(t$beta[1]), "}")
  object(said)
}

names_ <- names(sets)
lines <- vapply(names_, of_set, "")
version <- sprintf('"metafor": "%s", "metadat": "%s", "R": "%s"', packageVersion("metafor"), packageVersion("metadat"), getRversion())
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
body <- paste(sprintf('  "%s": %s', names_, lines), collapse = ",\n")
writeLines(sprintf('{\n "versions": {%s},\n "sets": {\n%s\n }\n}', version, body), file.path(here, "pinned", "metafor.json"))
