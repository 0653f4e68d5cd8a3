/// What is to be seen on a plot.
enum PlotLegend {
    static let html: HTML = """
        <ul class="legend muted"><li><svg class="key wide" viewBox="0 0 3 1" preserveAspectRatio="none" aria-hidden="true">\
        <path class="heat1" d="M0 .5h1"/><path class="heat3" d="M1 .5h1"/><path class="heat5" d="M2 .5h1"/></svg>\
        latencies, few to many</li>\
        <li><svg class="key wide" aria-hidden="true"><line class="line" x1="0" x2="100%" y1="50%" y2="50%"/></svg>worst run</li>\
        <li><svg class="key wide" aria-hidden="true"><line class="objective" x1="0" x2="100%" y1="50%" y2="50%"/></svg>objective</li>\
        <li><svg class="key" viewBox="0 0 1 1" aria-hidden="true"><path class="failing" d="M0 .5h1"/></svg>failing run</li>\
        <li class="mark regression"><svg class="key" aria-hidden="true"><line x1="50%" x2="50%" y1="0" y2="100%"/></svg>regression</li>\
        <li class="mark alert"><svg class="key" aria-hidden="true"><line x1="50%" x2="50%" y1="0" y2="100%"/></svg>alert</li></ul>
        """
}
