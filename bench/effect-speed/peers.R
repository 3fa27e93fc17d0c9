# Prints, as JSON, the user CPU milliseconds of CausalImpact in each of the tables of a
# directory, named number;rows before;seasons;name.csv.
suppressMessages(library(CausalImpact))
out <- c()
for (file in sort(list.files(commandArgs(TRUE)[1], "[.]csv$", full.names = TRUE))) {
  part <- strsplit(sub("[.]csv$", "", basename(file)), ";")[[1]]
  data <- as.matrix(read.csv(file, header = FALSE))
  before <- as.integer(part[2])
  took <- sapply(1:5, function(i) {
    system.time(CausalImpact(zoo::zoo(data), c(1, before), c(before + 1, nrow(data)),
                             model.args = list(niter = 1000, nseasons = as.integer(part[3]))))[["user.self"]]
  })
  out <- c(out, sprintf('"%s": %f', part[4], 1000 * median(took)))
}
cat("{", paste(out, collapse = ", "), "}\n", sep = "")
