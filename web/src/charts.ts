import { BarChart } from 'echarts/charts'
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import type { EChartsCoreOption } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'

use([BarChart, GridComponent, LegendComponent, TooltipComponent, AriaComponent, SVGRenderer])

/** colour is one of the page's style sheet, light or dark. */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim() || '#888'
}

/** draw puts a chart into an element and keeps its size and colours right. */
export function draw(into: HTMLElement, option: () => EChartsCoreOption): { dispose(): void } {
  const chart = init(into, undefined, { renderer: 'svg' })
  const show = () => chart.setOption(option(), { notMerge: true })
  show()
  const size = new ResizeObserver(() => chart.resize())
  size.observe(into)
  const scheme = matchMedia('(prefers-color-scheme: dark)')
  scheme.addEventListener('change', show)
  return {
    dispose() {
      size.disconnect()
      scheme.removeEventListener('change', show)
      chart.dispose()
    },
  }
}
