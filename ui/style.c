/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/style.h"

#include "data/issuant-icon-resources.h"
#include "ui/issuant-ui-resources.h"

/**
 * iss_style_install:
 *
 * Makes the templates, the icons and the style sheet known to GTK, the first time
 * that it is called. The resource is registered by hand, because a linker leaves
 * constructors of a static library out; and once, because GLib takes it once only.
 */
void
iss_style_install (void)
{
  static gsize installed = 0;
  GdkDisplay *display = gdk_display_get_default ();
  g_autoptr(GtkCssProvider) provider = NULL;

  if (!g_once_init_enter (&installed))
    return;

  iss_icons_register_resource ();
  iss_ui_register_resource ();
  g_once_init_leave (&installed, 1);

  if (display == NULL)
    return;

  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (display),
                                    "/org/issuant/Issuant/icons");

  provider = gtk_css_provider_new ();
  gtk_css_provider_load_from_resource (provider, "/org/issuant/Issuant/ui/style.css");
  gtk_style_context_add_provider_for_display (display, GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}
